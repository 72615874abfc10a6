"""Pictures of samples: grids of images, points over the true density, histograms."""
