using System.Text.RegularExpressions;

namespace MLNetExtensions.Tool.Settings;

/// <summary>Names of properties and types as the words of a command line.</summary>
internal static partial class SettingName
{
    /// <summary>The name in kebab-case: BatchSize is batch-size, L2Regularization l2-regularization, AdamW adamw.</summary>
    public static string Of(string name) => WordStart().Replace(name, "-").ToLowerInvariant();

    /// <summary>True if two words differ in hyphens and case alone.</summary>
    public static bool AreEqual(string a, string b) =>
        string.Equals(a.Replace("-", ""), b.Replace("-", ""), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z][a-z0-9])")]
    private static partial Regex WordStart();
}
