using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Serving;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Hosting.Tests;

public sealed class AddVisionPredictorTests : IDisposable
{
    private readonly ServedImages _images = new(6);
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public AddVisionPredictorTests()
    {
        _file = Path.Combine(_folder.Path, "model.onnx");
        _images.First.Save(_file);
    }

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_application_has_one_predictor()
    {
        VisionPredictor predictor;
        await using (ServiceProvider services = Services(s => s.AddVisionPredictor(o => o.ModelFile = _file)))
        {
            predictor = services.GetRequiredService<VisionPredictor>();
            Assert.Same(predictor, services.GetRequiredService<VisionPredictor>());
            _images.Check(await predictor.PredictAsync(_images.Encoded[1]), 1);
        }
        Assert.True(predictor.Status.IsDisposed);
    }

    [Fact]
    public async Task Keyed_predictors_have_their_own_models_and_settings()
    {
        string second = Path.Combine(_folder.Path, "second.onnx");
        _images.Second.Save(second);
        await using ServiceProvider services = Services(s =>
        {
            s.AddKeyedVisionPredictor("one", o => (o.ModelFile, o.QueueCapacity) = (_file, 11));
            s.AddKeyedVisionPredictor("two", o => (o.ModelFile, o.QueueCapacity) = (second, 22));
            s.AddSingleton<Asker>();
        });
        Asker asker = services.GetRequiredService<Asker>();

        _images.Check(await asker.One.PredictAsync(_images.Encoded[0]), 0, _images.First);
        _images.Check(await asker.Two.PredictAsync(_images.Encoded[0]), 0, _images.Second);
        Assert.Equal(11, asker.One.Status.Capacity);
        Assert.Equal(22, asker.Two.Status.Capacity);
        Assert.Null(services.GetService<VisionPredictor>());
        Assert.Equal("two", services.GetRequiredService<IOptionsMonitor<VisionPredictorServiceOptions>>().Get("two").Name);
    }

    [Fact]
    public async Task Settings_may_come_from_configuration()
    {
        var configuration = new Dictionary<string, string?>
        {
            ["Vision:ModelFile"] = _file,
            ["Vision:MaxBatchSize"] = "3",
            ["Vision:QueueCapacity"] = "5",
            ["Vision:WhenFull"] = "Wait",
            ["Vision:MaxDelay"] = "00:00:00.010",
            ["Vision:SessionSettings:Threads"] = "1",
        };
        await using ServiceProvider services = Services(s =>
        {
            s.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
            s.AddVisionPredictor().BindConfiguration("Vision");
        });

        VisionPredictorServiceOptions options = services.GetRequiredService<IOptions<VisionPredictorServiceOptions>>().Value;

        Assert.Equal(
            (3, 5, QueueFullMode.Wait, TimeSpan.FromMilliseconds(10), 1),
            (options.MaxBatchSize, options.QueueCapacity, options.WhenFull, options.MaxDelay, options.SessionSettings.Threads)
        );
        Assert.Equal(5, services.GetRequiredService<VisionPredictor>().Status.Capacity);
    }

    [Theory]
    [InlineData("Vision:MaxBatchsSize", "'Vision:MaxBatchsSize' in the configuration is no setting. Did you mean 'MaxBatchSize'?")]
    [InlineData(
        "Vision:SessionSettings:Thread",
        "'Vision:SessionSettings:Thread' in the configuration is no setting. Did you mean 'Threads'?"
    )]
    [InlineData("Vision:Something", "'Vision:Something' in the configuration is no setting. There are MaxBatchSize, ")]
    public async Task Misspelled_settings_stop_the_start(string key, string message)
    {
        IConfiguration configuration = Configuration(("Vision:ModelFile", _file), (key, "4"));
        string[] errors =
        [
            await StartError(s => s.AddVisionPredictor().BindConfiguration("Vision")),
            await StartError(s => s.AddKeyedVisionPredictor("one").BindConfiguration("Vision")),
            await StartError(s => s.AddVisionPredictor().Bind(configuration.GetSection("Vision"))),
        ];

        Assert.All(errors, error => Assert.Contains(message, error));
        Assert.StartsWith("The predictor 'one': ", errors[1]);

        Task<string> StartError(Action<IServiceCollection> add) => StartErrorOf(configuration, add);
    }

    [Fact]
    public async Task A_misspelled_section_is_named()
    {
        string error = await StartErrorOf(
            Configuration(("VisionPredicter:ModelFile", _file)),
            s => s.AddVisionPredictor().BindConfiguration("VisionPredictor")
        );

        Assert.Contains("the configuration has no section 'VisionPredictor'. Did you mean 'VisionPredicter'?", error);
    }

    [Fact]
    public async Task A_relative_path_is_shown_in_full()
    {
        string error = await StartErrorOf(
            Configuration(("Vision:ModelFile", "no/model.zip")),
            s => s.AddVisionPredictor().BindConfiguration("Vision")
        );

        Assert.Contains($"ModelFile must be a file that exists, not 'no/model.zip', which is '{Path.GetFullPath("no/model.zip")}'", error);
    }

    [Fact]
    public async Task A_model_may_be_made_by_a_service()
    {
        await using ServiceProvider services = Services(s =>
        {
            s.AddSingleton(_images.Ml);
            s.AddSingleton(_ => _images.Transformer());
            s.AddVisionPredictor(o => o.Model = provider => provider.GetRequiredService<FineTuneTransformer>());
        });

        _images.Check(await services.GetRequiredService<VisionPredictor>().PredictAsync(_images.Encoded[2]), 2);
    }

    [Fact]
    public async Task The_applications_meter_factory_is_used()
    {
        await using ServiceProvider services = Services(s =>
        {
            s.AddMetrics();
            s.AddVisionPredictor(o => o.ModelFile = _file);
        });
        int seen = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => seen += instrument.Name.EndsWith("batch.size") ? value : 0);
        listener.Start();

        await services.GetRequiredService<VisionPredictor>().PredictAsync(_images.Encoded[0]);

        Assert.Equal(1, seen);
    }

    [Theory]
    [InlineData(null, 16, "ModelFile is not set. Give the model's file, or a Model.")]
    [InlineData("/nowhere/model.zip", 16, "ModelFile must be a file that exists, not '/nowhere/model.zip'.")]
    [InlineData("", 0, "MaxBatchSize must be positive, not 0.")]
    public async Task Wrong_settings_stop_the_start(string? file, int batch, string message)
    {
        using IHost host = Start(o => (o.ModelFile, o.MaxBatchSize) = (file, batch));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.StartsWith("The predictor 'default': ", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_model_stops_the_start()
    {
        using IHost host = Start(o => o.ModelFile = _folder.Add("broken.onnx", "no model"u8));

        await Assert.ThrowsAsync<OnnxFormatException>(() => host.StartAsync());
    }

    [Fact]
    public async Task The_model_is_there_when_the_application_has_started()
    {
        int made = 0;
        using IHost host = Start(o =>
            o.Model = _ =>
            {
                made++;
                return _images.Transformer();
            }
        );

        await host.StartAsync();

        Assert.Equal(1, made);
        await host.StopAsync();
    }

    [Fact]
    public void A_model_and_a_file_contradict_each_other()
    {
        var options = new VisionPredictorServiceOptions { ModelFile = _file, Model = _ => _images.Transformer() };
        Assert.Contains(
            "ModelFile must be null where Model is given",
            Assert.Throws<ArgumentOutOfRangeException>(options.Validate).Message
        );

        options = new VisionPredictorServiceOptions { Model = _ => _images.Transformer(), ReloadInterval = TimeSpan.FromSeconds(1) };
        Assert.Contains("ReloadInterval must be null", Assert.Throws<ArgumentOutOfRangeException>(options.Validate).Message);
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] entries) =>
        new ConfigurationBuilder().AddInMemoryCollection(entries.ToDictionary(e => e.Key, e => (string?)e.Value)).Build();

    private static async Task<string> StartErrorOf(IConfiguration configuration, Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(configuration);
        add(builder.Services);
        using IHost host = builder.Build();
        return (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message;
    }

    private static ServiceProvider Services(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return services.BuildServiceProvider();
    }

    private static IHost Start(Action<VisionPredictorServiceOptions> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddVisionPredictor(configure);
        return builder.Build();
    }

    private sealed class Asker([FromKeyedServices("one")] VisionPredictor one, [FromKeyedServices("two")] VisionPredictor two)
    {
        public VisionPredictor One => one;

        public VisionPredictor Two => two;
    }
}
