"""The dialect of plain lines: words typed into netcat or telnet, sentences back."""
