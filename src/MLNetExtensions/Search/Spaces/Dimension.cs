namespace MLNetExtensions.Search.Spaces;

/// <summary>
/// One hyper-parameter of a space, on a line of coordinates that samplers draw from: numbers as they are or as their logarithm, choices by
/// their index.
/// </summary>
/// <param name="option">The option that it sets.</param>
internal abstract class Dimension(OptionPath option)
{
    /// <summary>The option that it sets.</summary>
    public OptionPath Option { get; } = option;

    /// <summary>The option's name; of a nested option with the names on the way to it, joined by dots.</summary>
    public string Name => Option.Name;

    /// <summary>The lowest coordinate that is drawn.</summary>
    public abstract double Low { get; }

    /// <summary>The highest coordinate that is drawn.</summary>
    public abstract double High { get; }

    /// <summary>The number of choices that have no order; 0 for numbers.</summary>
    public virtual int ChoiceCount => 0;

    /// <summary>
    /// The borders of the coordinates that stand for the same value as <paramref name="coordinate"/>; both equal if every coordinate is a
    /// value of its own.
    /// </summary>
    public virtual (double Low, double High) CellOf(double coordinate) => (coordinate, coordinate);

    /// <summary>The coordinate that stands for all those of the same value.</summary>
    public abstract double Snap(double coordinate);

    /// <summary>The option's value at a coordinate.</summary>
    public abstract object? ValueOf(double coordinate);

    /// <summary>The value at a coordinate as text, for logs, tables and journals.</summary>
    public abstract string TextOf(double coordinate);

    /// <summary>Everything that decides its values, as text: a journal of another space is recognized by it.</summary>
    public abstract string Signature { get; }
}
