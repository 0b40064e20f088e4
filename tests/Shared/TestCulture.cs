using System.Globalization;

namespace MLNetExtensions.TestData;

/// <summary>
/// Another culture for this thread, for threads that are started, and for what goes on behind awaits, until it is disposed.
/// </summary>
internal sealed class TestCulture : IDisposable
{
    private readonly (CultureInfo Current, CultureInfo CurrentUI, CultureInfo? Threads, CultureInfo? ThreadsUI) _before = (
        CultureInfo.CurrentCulture,
        CultureInfo.CurrentUICulture,
        CultureInfo.DefaultThreadCurrentCulture,
        CultureInfo.DefaultThreadCurrentUICulture
    );

    public TestCulture(string name)
    {
        CultureInfo culture = name.Length == 0 ? CultureInfo.InvariantCulture : Create(name);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = (culture, culture);
    }

    public void Dispose()
    {
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_before.Current, _before.CurrentUI);
        (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = (_before.Threads, _before.ThreadsUI);
    }

    /// <summary>
    /// The culture as ICU or the system has it; where there is neither (a container that sets DOTNET_SYSTEM_GLOBALIZATION_INVARIANT), one
    /// whose numbers are written as no program expects.
    /// </summary>
    private static CultureInfo Create(string name)
    {
        if (!AppContext.TryGetSwitch("System.Globalization.Invariant", out bool invariant) || !invariant)
        {
            try
            {
                return new CultureInfo(name);
            }
            catch (CultureNotFoundException) { }
        }
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        NumberFormatInfo numbers = culture.NumberFormat;
        (numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator, numbers.PercentDecimalSeparator, numbers.PercentGroupSeparator) = (
            ",",
            ".",
            ",",
            "."
        );
        (numbers.NegativeSign, numbers.PercentSymbol, numbers.PositiveSign) = ("\u2212", "\u066a", "\u200e+");
        (culture.DateTimeFormat.DateSeparator, culture.DateTimeFormat.TimeSeparator, culture.DateTimeFormat.ShortDatePattern) = (
            "_",
            "-",
            "dd/MM/yy"
        );
        return culture;
    }
}
