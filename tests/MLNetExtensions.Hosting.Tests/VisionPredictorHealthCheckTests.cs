using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Serving;
using Xunit;

namespace MLNetExtensions.Hosting.Tests;

public sealed class VisionPredictorHealthCheckTests : IDisposable
{
    private readonly ServedImages _images = new(3);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_predictor_that_answers_is_healthy()
    {
        using VisionPredictor predictor = _images.Gated(new VisionPredictorOptions { QueueCapacity = 7 }, out _, isOpen: true);

        HealthReportEntry entry = await Check(predictor);

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal("Model 1 answers.", entry.Description);
        Assert.Equal(7, entry.Data["capacity"]);
        Assert.Equal(0, entry.Data["requests"]);
    }

    [Fact]
    public async Task A_full_predictor_is_degraded()
    {
        using VisionPredictor predictor = _images.Gated(new VisionPredictorOptions { QueueCapacity = 1 }, out GatedNetwork network);
        Task<VisionPrediction> inside = predictor.PredictAsync(_images.Encoded[0]);

        HealthReportEntry entry = await Check(predictor);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("full: it holds 1 requests", entry.Description);
        network.Open();
        await inside;
        Assert.Equal(HealthStatus.Healthy, (await Check(predictor)).Status);
    }

    [Fact]
    public async Task A_predictor_that_does_not_answer_is_unhealthy()
    {
        using VisionPredictor predictor = _images.Gated(new VisionPredictorOptions(), out GatedNetwork network, isOpen: true);
        network.Error = new ArithmeticException("no room");
        Assert.Equal(HealthStatus.Unhealthy, (await Check(predictor)).Status);
        network.Error = null;
        network.Close();
        Assert.Equal(HealthStatus.Unhealthy, (await Check(predictor, timeout: TimeSpan.FromMilliseconds(50))).Status);
        network.Open();
        predictor.Dispose();

        HealthReportEntry entry = await Check(predictor, HealthStatus.Degraded);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.IsType<ObjectDisposedException>(entry.Exception);
    }

    [Fact]
    public async Task A_predictor_that_cannot_be_made_is_unhealthy()
    {
        HealthReportEntry entry = await Report(s => s.AddVisionPredictor(), checks => checks.AddVisionPredictor());

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("ModelFile is not set", entry.Description);
    }

    [Fact]
    public async Task Keyed_predictors_are_checked_by_name()
    {
        string file = Path.Combine(_folder.Path, "model.onnx");
        _images.First.Save(file);

        HealthReportEntry entry = await Report(
            s => s.AddKeyedVisionPredictor("cats", o => o.ModelFile = file),
            checks => checks.AddVisionPredictor("cats", tags: ["ready"]),
            "vision-predictor-cats"
        );

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal(["ready"], entry.Tags);
    }

    [Fact]
    public async Task A_broken_model_file_is_reported_and_logged()
    {
        string file = Path.Combine(_folder.Path, "model.onnx");
        _images.First.Save(file);
        var log = new LineLog();
        var services = new ServiceCollection();
        services.AddLogging(l => l.AddProvider(log));
        var reloaded = new TaskCompletionSource<ModelReload>();
        services.AddVisionPredictor(o =>
            (o.ModelFile, o.ReloadInterval, o.OnReload) = (file, TimeSpan.FromMilliseconds(10), reload => reloaded.TrySetResult(reload))
        );
        services.AddHealthChecks().AddVisionPredictor();
        await using ServiceProvider provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<VisionPredictor>();

        File.Move(_folder.Add("next", "no model"u8), file, overwrite: true);
        await reloaded.Task.WaitAsync(TimeSpan.FromSeconds(60));

        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("cannot be loaded; model 1 answers", report.Entries.Values.Single().Description);
        Assert.Contains(log.Lines, line => line.Contains("Error: The predictor 'default' goes on with model 1: the changed file"));
    }

    private static Task<HealthReportEntry> Check(VisionPredictor predictor, HealthStatus? failure = null, TimeSpan? timeout = null) =>
        Report(s => s.AddSingleton(predictor), checks => checks.AddVisionPredictor(failureStatus: failure, timeout: timeout));

    private static async Task<HealthReportEntry> Report(
        Action<IServiceCollection> add,
        Action<IHealthChecksBuilder> check,
        string name = "vision-predictor"
    )
    {
        var services = new ServiceCollection();
        services.AddLogging();
        add(services);
        check(services.AddHealthChecks());
        await using ServiceProvider provider = services.BuildServiceProvider();
        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries[name];
    }

    private sealed class LineLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (_lines)
                _lines.Add($"{logLevel}: {formatter(state, exception)}");
        }

        public void Dispose() { }
    }
}
