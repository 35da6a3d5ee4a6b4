"""What the summarise stage is made of: choosing sentences, and condensing texts of any length with a model of limited length."""
