using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using MLNetExtensions.TestData;
using WebAppSample;
using WebAppSample.Storage;
using WebAppSample.Training;
using Xunit;

namespace MLNetExtensions.WebApp.Tests;

/// <summary>The application in this process, behind a real server on a free port, with a small backbone and a folder of its own.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly WebApplication _app;
    private readonly TemporaryFolder? _folder;

    private RunningApp(WebApplication app, TemporaryFolder? folder)
    {
        (_app, _folder) = (app, folder);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = Patience };
    }

    public HttpClient Client { get; }

    public string Address => Client.BaseAddress!.ToString().TrimEnd('/');

    /// <summary>Starts it.</summary>
    /// <param name="data">The folder of its data; null for a new one.</param>
    /// <param name="settings">More settings, as name and value.</param>
    public static async Task<RunningApp> StartAsync(string? data = null, params (string Name, object Value)[] settings)
    {
        TemporaryFolder? folder = data is null ? new TemporaryFolder() : null;
        var given = new Dictionary<string, object>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["WebApp:DataFolder"] = data ?? folder!.Path,
            ["WebApp:Backbone"] = "cifarnet",
            ["WebApp:Epochs"] = 20,
            ["WebApp:PredictionsPerSecond"] = 100_000,
            ["WebApp:ChangesPerSecond"] = 100_000,
        };
        foreach ((string name, object value) in settings)
            given[name] = value;
        WebApplication app = App.Build(
            [.. given.Select(setting => $"--{setting.Key}={setting.Value}")],
            builder => builder.Logging.ClearProviders()
        );
        await app.StartAsync();
        return new RunningApp(app, folder);
    }

    public Task<HttpResponseMessage> PostAsync(string path, byte[] body) => Client.PostAsync(path, new ByteArrayContent(body));

    public async Task<T> GetAsync<T>(string path) => (await Client.GetFromJsonAsync<T>(path, Json))!;

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<T>(Json))!;
    }

    public Task<List<TrainingRun>> ModelsAsync() => GetAsync<List<TrainingRun>>("/api/models");

    /// <summary>Starts a training run.</summary>
    public async Task<TrainingRun> TrainAsync() => await ReadAsync<TrainingRun>(await Client.PostAsync("/api/runs", null));

    /// <summary>Listens to the server-sent events until a run has reached a state.</summary>
    public async Task<List<RunProgress>> ListenAsync(int run, Predicate<RunProgress> isLast)
    {
        using var patience = new CancellationTokenSource(Patience);
        await using Stream stream = await Client.GetStreamAsync("/api/runs/events", patience.Token);
        var heard = new List<RunProgress>();
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(patience.Token))
        {
            Assert.Equal("progress", item.EventType);
            RunProgress progress = JsonSerializer.Deserialize<RunProgress>(item.Data, Json)!;
            if (progress.RunId != run)
                continue;
            heard.Add(progress);
            if (isLast(progress))
                return heard;
        }
        throw new InvalidOperationException($"The events ended early: {string.Join(", ", heard)}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        // Connections in a pool keep the database's file open.
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder?.Dispose();
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };
}
