using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Serving;
using WebApiSample;
using Xunit;

namespace MLNetExtensions.Hosting.Tests.Samples;

/// <summary>The command of docs/serving.md, run as it stands there, in a folder that has model.zip.</summary>
public sealed class WebApiCommandTests : IDisposable
{
    private const string Command = "dotnet run -c Release --project samples/WebApi -- --VisionPredictor:ModelFile model.zip";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ServedImages _images = new(3);
    private readonly TemporaryFolder _folder = new();
    private readonly string _root = Root();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_documented_command_serves_a_model_of_the_working_folder()
    {
        Assert.Contains(Command, await File.ReadAllTextAsync(Path.Combine(_root, "docs", "serving.md")), StringComparison.Ordinal);
        _images.First.Save(Path.Combine(_folder.Path, "model.zip"));
        // What is built is not built again, the project is where it is, and the port is one that is free.
        string command = Command
            .Replace("-c Release", $"-c {Configuration} --no-build", StringComparison.Ordinal)
            .Replace("samples/WebApi", Path.Combine(_root, "samples", "WebApi"), StringComparison.Ordinal);
        using Process server = Start($"{command} --urls http://127.0.0.1:0");
        try
        {
            string address = await AddressAsync(server);
            using var client = new HttpClient { BaseAddress = new Uri(address) };

            using var form = new MultipartFormDataContent { { new ByteArrayContent(_images.Encoded[1]), "file", "photo.jpg" } };
            HttpResponseMessage body = await client.PostAsync("/predict", new ByteArrayContent(_images.Encoded[0])),
                file = await client.PostAsync("/predict", form);

            Assert.Equal(_images.Scores(_images.First, 0).Max(), (await body.Content.ReadFromJsonAsync<Answer>())!.Score, 1e-5f);
            Assert.Equal(_images.Scores(_images.First, 1).Max(), (await file.Content.ReadFromJsonAsync<Answer>())!.Score, 1e-5f);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }

    private static string Configuration =>
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? "Debug"
            : "Release";

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "MLNetExtensions.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("The tests are not in the repository's folder.");
    }

    private Process Start(string command)
    {
        string[] words = command.Split(' ');
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? words[0], words[1..])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Of the test's own process.
        foreach (string name in new[] { "ASPNETCORE_URLS", "DOTNET_URLS", "MSBuildSDKsPath" })
            start.Environment.Remove(name);
        return Process.Start(start)!;
    }

    private static async Task<string> AddressAsync(Process server)
    {
        const string Listening = "Now listening on: ";
        using var patience = new CancellationTokenSource(Patience);
        Task<string> errors = server.StandardError.ReadToEndAsync(patience.Token);
        var output = new List<string>();
        while (await server.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            output.Add(line);
            int at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at < 0)
                continue;
            // Whoever writes must not wait for a reader.
            _ = server.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return line[(at + Listening.Length)..].Trim();
        }
        throw new InvalidOperationException($"The server has ended:\n{string.Join('\n', output)}\n{await errors}");
    }
}
