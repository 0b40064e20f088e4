using System.Globalization;

namespace MLNetExtensions.Search.Spaces;

/// <summary>One of several values without an order.</summary>
internal sealed class ChoiceDimension : Dimension
{
    private readonly object?[] _values;
    private readonly string[] _texts;

    /// <exception cref="ArgumentException">There is only one value, or none, or a value is there twice.</exception>
    public ChoiceDimension(OptionPath option, IEnumerable<object?> values)
        : base(option)
    {
        _values = [.. values];
        _texts = [.. _values.Select(Text)];
        if (_values.Length < 2)
            throw new ArgumentException(
                $"{Name} has {(_values.Length == 0 ? "no value" : $"one value, {_texts[0]},")} to choose from. Give it two or more; to give "
                    + "the option one value, set it in the defaults of the space."
            );
        if (_texts.GroupBy(text => text).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException(
                $"{Name} has the value {twice.Key} twice to choose from. Values are told apart by their text (ToString), in journals too."
            );
    }

    public override double Low => -0.5;

    public override double High => _values.Length - 0.5;

    public override int ChoiceCount => _values.Length;

    public override string Signature => $"one of {string.Join(", ", _texts)}";

    public override (double Low, double High) CellOf(double coordinate) => (Snap(coordinate) - 0.5, Snap(coordinate) + 0.5);

    public override double Snap(double coordinate) => Math.Clamp(Math.Round(coordinate), 0, _values.Length - 1);

    public override object? ValueOf(double coordinate) => _values[(int)Snap(coordinate)];

    public override string TextOf(double coordinate) => _texts[(int)Snap(coordinate)];

    private static string Text(object? value) =>
        value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "null";
}
