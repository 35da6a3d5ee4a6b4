"""What the translate stage is made of: how a sentence is made ready, decoded again where it must be, judged, repaired and tidied."""
