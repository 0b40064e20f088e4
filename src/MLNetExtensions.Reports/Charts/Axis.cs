using System.Globalization;

namespace MLNetExtensions.Reports.Charts;

/// <summary>A range of numbers along a side of a drawing.</summary>
internal sealed class Axis
{
    private const int TargetTicks = 5;

    private readonly double _first;
    private readonly double _last;

    private Axis(double minimum, double maximum, double step, double first, double last)
    {
        (Minimum, Maximum, Step) = (minimum, maximum, step);
        (_first, _last) = (first, last);
    }

    public double Minimum { get; }

    public double Maximum { get; }

    private double Step { get; }

    /// <summary>An axis that begins and ends at round numbers.</summary>
    /// <param name="values">The numbers that it holds; at least one.</param>
    /// <param name="first">The drawing's place of its smallest number.</param>
    /// <param name="last">The drawing's place of its largest number.</param>
    /// <param name="minimumStep">The smallest distance of ticks: 1 for numbers of rows.</param>
    public static Axis Over(IEnumerable<double> values, double first, double last, double minimumStep = 0)
    {
        double minimum = double.PositiveInfinity,
            maximum = double.NegativeInfinity;
        foreach (double value in values)
            (minimum, maximum) = (Math.Min(minimum, value), Math.Max(maximum, value));
        if (!(maximum > minimum))
        {
            // All are equal: some room on both sides.
            double room = Math.Max(Math.Abs(minimum) / 2, 0.5);
            (minimum, maximum) = (minimum - room, maximum + room);
        }
        double step = RoundStep(Math.Max(minimumStep, (maximum - minimum) / TargetTicks));
        return new Axis(Math.Floor((minimum / step) + 1e-9) * step, Math.Ceiling((maximum / step) - 1e-9) * step, step, first, last);
    }

    /// <summary>An axis between two numbers, with a tick every <paramref name="step"/>.</summary>
    public static Axis Between(double minimum, double maximum, double step, double first, double last) =>
        new(minimum, maximum, step, first, last);

    /// <summary>The drawing's place of a number.</summary>
    public double Place(double value) => _first + ((value - Minimum) / (Maximum - Minimum) * (_last - _first));

    /// <summary>The drawing's place of a number, as text.</summary>
    public string At(double value) => Text(Place(value));

    /// <summary>The ticks; <paramref name="scale"/> multiplies the numbers that they show.</summary>
    public IReadOnlyList<Tick> Ticks(double scale = 1, string suffix = "")
    {
        int count = (int)Math.Round((Maximum - Minimum) / Step);
        int digits = Enumerable.Range(0, 9).First(d => d == 8 || IsWhole(Step * scale * Math.Pow(10, d)));
        string format = Math.Max(Math.Abs(Minimum), Math.Abs(Maximum)) * scale >= 1e6 ? "0.##E0" : $"F{digits}";
        return
        [
            .. Enumerable
                .Range(0, count + 1)
                .Select(i => Minimum + (i * Step))
                .Select(value => new Tick(
                    At(value),
                    (Math.Abs(value) < Step * 1e-6 ? 0 : value * scale).ToString(format, CultureInfo.InvariantCulture) + suffix
                )),
        ];
    }

    /// <summary>A place as text: a tenth of a pixel is enough.</summary>
    public static string Text(double place) => place.ToString("0.#", CultureInfo.InvariantCulture);

    private static bool IsWhole(double value) => Math.Abs(value - Math.Round(value)) < 1e-6;

    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        double[] candidates = [1, 2, 2.5, 5, 10];
        return candidates.First(candidate => candidate * power >= step * (1 - 1e-9)) * power;
    }
}
