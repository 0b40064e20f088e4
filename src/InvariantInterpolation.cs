using System.Globalization;
using System.Text;

namespace System.Runtime.CompilerServices;

/// <summary>
/// The handler that the compiler uses for <c>$"..."</c> in these assemblies: it looks for a type of this name, and prefers an assembly's
/// own to the framework's. This handler formats with the invariant culture, so that a number in a log, a checkpoint, a file's name or a
/// message is the same text on every machine.
/// </summary>
[InterpolatedStringHandler]
internal readonly struct DefaultInterpolatedStringHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (8 * formattedCount));

    public void AppendLiteral(string value) => _text.Append(value);

    public void AppendFormatted(string? value) => _text.Append(value);

    public void AppendFormatted(ReadOnlySpan<char> value) => _text.Append(value);

    public void AppendFormatted<T>(T value) => Formatted().AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => Formatted().AppendFormatted(value, format);

    public void AppendFormatted<T>(T value, int alignment) => Formatted().AppendFormatted(value, alignment);

    public void AppendFormatted<T>(T value, int alignment, string? format) => Formatted().AppendFormatted(value, alignment, format);

    public void AppendFormatted(object? value, int alignment = 0, string? format = null) =>
        Formatted().AppendFormatted(value, alignment, format);

    public string ToStringAndClear() => _text.ToString();

    private StringBuilder.AppendInterpolatedStringHandler Formatted() => new(0, 1, _text, CultureInfo.InvariantCulture);
}
