"""From the overrides of a person to one configuration, or to a sentence that says why not."""
