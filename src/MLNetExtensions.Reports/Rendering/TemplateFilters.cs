using System.Globalization;
using Fluid;
using Fluid.Values;

namespace MLNetExtensions.Reports.Rendering;

/// <summary>How the templates write numbers. A number that is not defined is a dash.</summary>
internal static class TemplateFilters
{
    private const string Missing = "–";

    public static void Register(FilterCollection filters)
    {
        filters.AddFilter("percent", (input, arguments, _) => Format(input, value => Percent(value, Digits(arguments, 1))));
        filters.AddFilter("number", (input, arguments, _) => Format(input, value => Number(value, Digits(arguments, 4))));
        filters.AddFilter("fixed", (input, arguments, _) => Format(input, value => Fixed(value, Digits(arguments, 3))));
        filters.AddFilter("count", (input, _, _) => Format(input, value => value.ToString("N0", CultureInfo.InvariantCulture)));
        filters.AddFilter("gibibytes", (input, _, _) => Format(input, value => $"{Fixed(value / (1L << 30), 1)} GiB"));
        filters.AddFilter("duration", (input, _, _) => Format(input, Duration));
    }

    /// <summary>A fraction in percent.</summary>
    public static string Percent(double fraction, int digits = 1) => $"{Fixed(100 * fraction, digits)} %";

    /// <summary>A number with some significant digits.</summary>
    public static string Number(double value, int digits = 4) => value.ToString($"G{digits}", CultureInfo.InvariantCulture);

    private static string Fixed(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private static string Duration(double seconds) =>
        seconds switch
        {
            < 10 => $"{seconds:F1} s",
            < 120 => $"{seconds:F0} s",
            < 7200 => $"{seconds / 60:F0} min",
            _ => $"{seconds / 3600:F1} h",
        };

    private static int Digits(FilterArguments arguments, int normally) =>
        arguments.Count > 0 ? (int)arguments.At(0).ToNumberValue() : normally;

    private static ValueTask<FluidValue> Format(FluidValue input, Func<double, string> format) =>
        new(new StringValue(input.IsNil() ? Missing : format((double)input.ToNumberValue())));
}
