"""The rules that keep a text from harming its reader, one object or function per rule."""
