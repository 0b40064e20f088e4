using MLNetExtensions.TestData.Needs;

namespace MLNetExtensions.Reports.Tests.Browser;

/// <summary>A Chromium that is installed; nothing is downloaded.</summary>
internal sealed class NeedsChromiumAttribute : NeedsAttribute
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    /// <summary>The program; null where there is none.</summary>
    public static string? Program { get; } =
        Environment.GetEnvironmentVariable("MLNETX_CHROMIUM") is { Length: > 0 } given ? given : Places.FirstOrDefault(File.Exists);

    public override string What => "Chromium: apt-get install chromium, or its path in MLNETX_CHROMIUM";

    public override bool IsThere => File.Exists(Program);
}
