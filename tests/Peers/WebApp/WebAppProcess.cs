using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Peers.WebApp;

/// <summary>samples/WebApp as a process of its own, with data of its own and no limits of rate.</summary>
internal sealed class WebAppProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder;
    private readonly Process _process;

    private WebAppProcess(TemporaryFolder folder, Process process, string address)
    {
        (_folder, _process, Address) = (folder, process, address);
        Client = new HttpClient { BaseAddress = new Uri(address), Timeout = Patience };
    }

    public string Address { get; }

    public HttpClient Client { get; }

    /// <summary>The memory that it takes, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The time that its threads have computed.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static WebAppProcess Start(params string[] settings)
    {
        const string Listening = "Now listening on: ";
        var folder = new TemporaryFolder();
        string program = Path.Combine(SharedData.RepositoryRoot, "samples", "WebApp", "bin", "Release", "net10.0", "WebApp.dll");
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                program,
                "--urls=http://127.0.0.1:0",
                $"--WebApp:DataFolder={folder.Path}",
                "--WebApp:PredictionsPerSecond=1000000",
                .. settings,
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            int at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at < 0)
                continue;
            // Whoever writes must not wait for a reader.
            _ = process.StandardOutput.ReadToEndAsync();
            return new WebAppProcess(folder, process, line[(at + Listening.Length)..].Trim());
        }
        folder.Dispose();
        throw new InvalidOperationException($"{program} ended with {process.ExitCode} before it listened.");
    }

    /// <summary>Trains a model on drawn examples, which answers from then on.</summary>
    /// <returns>The model's file.</returns>
    public string Train()
    {
        Client.PostAsync("/api/images/examples", null).Result.EnsureSuccessStatusCode();
        Client.PostAsync("/api/runs", null).Result.EnsureSuccessStatusCode();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; Thread.Sleep(500))
        {
            JsonElement newest = Client.GetFromJsonAsync<JsonElement>("/api/models").Result[0];
            string state = newest.GetProperty("state").GetString()!;
            if (state is "failed" or "canceled")
                throw new InvalidOperationException($"The training run {state}: {newest.GetProperty("error")}");
            if (newest.GetProperty("isActive").GetBoolean())
                return Path.Combine(_folder.Path, "models", $"{newest.GetProperty("id")}", "model.zip");
        }
        throw new TimeoutException($"The training run did not end within {Patience}.");
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}
