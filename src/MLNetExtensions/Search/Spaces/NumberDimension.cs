using System.Globalization;
using System.Numerics;

namespace MLNetExtensions.Search.Spaces;

/// <summary>A number from a range, drawn evenly, or evenly in its logarithm.</summary>
/// <typeparam name="T">The option's type: Int32, Single or Double.</typeparam>
internal sealed class NumberDimension<T> : Dimension
    where T : struct, INumber<T>
{
    private readonly T _min,
        _max;
    private readonly bool _isLogarithmic;

    /// <exception cref="ArgumentException">The range is empty, not finite, or not positive on a logarithmic scale.</exception>
    public NumberDimension(OptionPath option, T min, T max, bool isLogarithmic)
        : base(option)
    {
        (_min, _max, _isLogarithmic) = (min, max, isLogarithmic);
        if (!T.IsFinite(min) || !T.IsFinite(max) || min >= max)
            throw new ArgumentException(
                $"The range of {Name} is {Text(min)} to {Text(max)}. Its end must be above its start, and both must be finite; to give the "
                    + "option one value, set it in the defaults of the space."
            );
        if (isLogarithmic && min <= T.Zero)
            throw new ArgumentException(
                $"The range of {Name} is {Text(min)} to {Text(max)} on a logarithmic scale, which has only positive numbers. Raise its "
                    + "start above 0, or leave out logBase."
            );
        // A whole number has the place from half a step below it to half a step above, so that the ends are drawn as often as the others.
        double half = IsInteger ? 0.5 : 0;
        (Low, High) = (ToCoordinate(double.CreateChecked(min) - half), ToCoordinate(double.CreateChecked(max) + half));
    }

    public override double Low { get; }

    public override double High { get; }

    public override string Signature => $"{typeof(T).Name} {Text(_min)} to {Text(_max)}{(_isLogarithmic ? ", logarithmic" : "")}";

    private static bool IsInteger => typeof(T) == typeof(int);

    public override (double Low, double High) CellOf(double coordinate)
    {
        if (!IsInteger)
            return (coordinate, coordinate);
        double value = double.CreateChecked(NumberAt(coordinate));
        return (ToCoordinate(value - 0.5), ToCoordinate(value + 0.5));
    }

    public override double Snap(double coordinate) =>
        IsInteger ? ToCoordinate(double.CreateChecked(NumberAt(coordinate))) : Math.Clamp(coordinate, Low, High);

    public override object? ValueOf(double coordinate) => NumberAt(coordinate);

    public override string TextOf(double coordinate) => Text(NumberAt(coordinate));

    private static string Text(T value) => value.ToString(null, CultureInfo.InvariantCulture);

    private T NumberAt(double coordinate)
    {
        double value = _isLogarithmic ? Math.Exp(coordinate) : coordinate;
        // Rounding, also that of the conversion to Single, never leaves the range.
        return T.Clamp(T.CreateSaturating(IsInteger ? Math.Round(value) : value), _min, _max);
    }

    private double ToCoordinate(double value) => _isLogarithmic ? Math.Log(value) : value;
}
