using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLNetExtensions.ModelBuilder.Programs;

/// <summary>A web application in a process of its own, with a free port.</summary>
internal static partial class WebProgram
{
    /// <summary>Waits until it listens.</summary>
    /// <returns>Its address.</returns>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    public static async Task<Uri> AddressOf(Process process)
    {
        string log = "";
        while (!Listening().IsMatch(log))
            log +=
                await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(5))
                ?? throw new InvalidOperationException($"The program ended: {log}{await process.StandardError.ReadToEndAsync()}");
        return new Uri(Listening().Match(log).Groups["address"].Value);
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://[\d.]+:\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Listening();
}
