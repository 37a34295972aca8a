"""The math family: judges answers by their mathematical value, without executing any of their text."""
