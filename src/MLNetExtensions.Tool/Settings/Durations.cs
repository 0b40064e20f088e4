using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNetExtensions.Tool.Settings;

/// <summary>Times as people write them.</summary>
internal static partial class Durations
{
    /// <summary>The time that a text names: seconds, or numbers with s, m and h; null if it names none above zero.</summary>
    public static TimeSpan? TryParse(string text)
    {
        Match match = Pattern().Match(text);
        if (!match.Success)
            return null;
        double seconds = 3600 * Part("h") + 60 * Part("m") + Part("s");
        return seconds is > 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;

        double Part(string unit) =>
            match.Groups[unit] is { Success: true } group ? double.Parse(group.Value, NumberStyles.Float, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>A time as 0:09, 12:34 or 1:02:03.</summary>
    public static string Clock(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Minutes}:{time.Seconds:00}";

    [GeneratedRegex(
        @"^(?=.)(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m(?:in)?)?(?:(?<s>\d+(?:\.\d+)?)s?)?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}
