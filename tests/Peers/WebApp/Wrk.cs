using System.Diagnostics;
using System.Globalization;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Peers.WebApp;

/// <summary>The load generator wrk: connections that each send an image as soon as the last one is answered.</summary>
internal static class Wrk
{
    private const string Program = "/usr/bin/wrk";

    // Sends the images in turn, and prints what wrk counted on one line.
    private const string Script = """
        local bodies = {}
        for path in io.lines(os.getenv("WRK_IMAGES")) do
          local file = assert(io.open(path, "rb"))
          bodies[#bodies + 1] = file:read("*a")
          file:close()
        end
        local at = 0
        request = function()
          at = at % #bodies + 1
          return wrk.format("POST", "/api/predict", { ["Content-Type"] = "image/jpeg" }, bodies[at])
        end
        done = function(summary, latency)
          local e = summary.errors
          print(string.format("counted %d %d %d %d %d", summary.requests, summary.duration,
            e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
        end
        """;

    public static bool IsThere => File.Exists(Program);

    /// <summary>Loads the application.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="images">The images to send.</param>
    /// <param name="connections">The requests under way at the same time.</param>
    /// <param name="seconds">For how long.</param>
    public static WebAppLoad Run(string address, IReadOnlyList<byte[]> images, int connections, int seconds)
    {
        using var folder = new TemporaryFolder();
        string script = folder.Add("images.lua", System.Text.Encoding.UTF8.GetBytes(Script));
        string[] files = [.. images.Select((image, i) => folder.Add($"{i}.jpg", image))];
        var start = new ProcessStartInfo(
            Program,
            [
                "--threads",
                "1",
                "--connections",
                $"{connections}",
                "--duration",
                $"{seconds}s",
                "--timeout",
                "20s",
                "--script",
                script,
                address,
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        start.Environment["WRK_IMAGES"] = folder.Add("images.txt", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', files)));
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string line =
            output.Split('\n').FirstOrDefault(text => text.StartsWith("counted ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk counted nothing: {output}");
        double[] numbers = [.. line.Split(' ').Skip(1).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        return new WebAppLoad((long)numbers[0], numbers[0] / (numbers[1] / 1e6), (long)numbers[2], numbers[3] / 1e3, numbers[4] / 1e3);
    }
}
