using System.Text;

namespace MLNetExtensions.Data.Sources;

/// <summary>
/// Reads comma- or tab-separated text as RFC 4180 has it: fields in quotes may hold separators, line ends and doubled quotes. Lines end
/// with CR LF, LF or CR; empty lines are skipped.
/// </summary>
internal sealed class DelimitedReader(TextReader text, char separator, string source)
{
    // No record of a list of images is this long; a quote that is never closed would read the whole file into one field.
    private const int LongestField = 1 << 20;

    private readonly StringBuilder _field = new();
    private long _line = 1;
    private long _recordStart = 1;
    private bool _wasQuoted;

    /// <exception cref="InvalidDataException">A quote is not closed or stands where none may; the message names the line.</exception>
    public IEnumerable<DelimitedRecord> ReadAll()
    {
        List<string> fields = [];
        while (true)
        {
            int end = ReadField();
            if (end == separator)
            {
                fields.Add(_field.ToString());
                continue;
            }
            bool isEmptyLine = fields.Count == 0 && _field.Length == 0 && !_wasQuoted;
            if (!isEmptyLine)
            {
                fields.Add(_field.ToString());
                yield return new DelimitedRecord(_recordStart, [.. fields], end >= 0);
            }
            fields.Clear();
            _recordStart = _line;
            if (end < 0)
                yield break;
        }
    }

    /// <summary>Reads a field and what ends it: the separator, '\n' for any line end, or -1.</summary>
    private int ReadField()
    {
        _field.Clear();
        _wasQuoted = false;
        if (text.Peek() == '"')
        {
            _ = text.Read();
            _wasQuoted = true;
            ReadQuoted();
        }
        while (true)
        {
            int c = _ = text.Read();
            if (c == separator || c < 0)
                return c;
            if (c is '\n' or '\r')
            {
                if (c == '\r' && text.Peek() == '\n')
                    _ = text.Read();
                _line++;
                return '\n';
            }
            if (_wasQuoted)
                throw new InvalidDataException(
                    $"{source}, line {_line}: '{(char)c}' follows a closing quote. Expected '{separator}' or the line's end; "
                        + "a quote inside a quoted field is written twice."
                );
            if (c == '"')
                throw new InvalidDataException(
                    $"{source}, line {_line}: a quote inside a field that does not begin with one. "
                        + "Put the whole field in quotes and write the quote twice."
                );
            Append((char)c);
        }
    }

    private void ReadQuoted()
    {
        long start = _line;
        while (true)
        {
            int c = _ = text.Read();
            switch (c)
            {
                case < 0:
                    throw new InvalidDataException($"{source}: the quote opened on line {start} is never closed.");
                case '"' when text.Peek() == '"':
                    _ = text.Read();
                    Append('"');
                    break;
                case '"':
                    return;
                default:
                    if (c == '\n' || (c == '\r' && text.Peek() != '\n'))
                        _line++;
                    Append((char)c);
                    break;
            }
        }
    }

    private void Append(char c)
    {
        if (_field.Length == LongestField)
            throw new InvalidDataException(
                $"{source}, line {_line}: a field of more than {LongestField} characters; is a quote not closed before it?"
            );
        _field.Append(c);
    }
}
