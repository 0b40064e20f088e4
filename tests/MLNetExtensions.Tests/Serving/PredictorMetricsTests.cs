using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MLNetExtensions.Imaging;
using MLNetExtensions.Serving;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

public sealed class PredictorMetricsTests : IDisposable
{
    private readonly ServedImages _images = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> _seen = new();
    private readonly ConcurrentDictionary<string, string?> _units = new();
    private readonly MeterListener _listener = new();
    private readonly string _name = Guid.NewGuid().ToString("N");

    public PredictorMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != VisionPredictor.MeterName)
                return;
            _units[Short(instrument)] = instrument.Unit;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => See(i, value, tags));
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => See(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => See(i, value, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task Names_are_those_of_OpenTelemetry()
    {
        using VisionPredictor predictor = _images.Gated(
            new VisionPredictorOptions
            {
                Name = _name,
                SessionSettings = { Threads = 1 },
                QueueCapacity = 3,
                MaxBatchSize = 2,
            },
            out GatedNetwork network
        );
        using var cancellation = new CancellationTokenSource();
        Task<VisionPrediction> first = predictor.PredictAsync(_images.Encoded[0]);
        network.WaitForBatches(1);
        Task<VisionPrediction> broken = predictor.PredictAsync(new byte[10]),
            canceled = predictor.PredictAsync(_images.Encoded[2], cancellation.Token);
        await Assert.ThrowsAsync<PredictorOverloadedException>(() => predictor.PredictAsync(_images.Encoded[3]));
        _listener.RecordObservableInstruments();
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        network.Open();
        await first;
        await Assert.ThrowsAsync<InvalidImageException>(() => broken);
        await predictor.UpdateModelAsync(() => _images.Open(_images.Second, out _), CancellationToken.None);
        await Assert.ThrowsAsync<ArithmeticException>(() =>
            predictor.UpdateModelAsync(() => throw new ArithmeticException(), CancellationToken.None)
        );
        _listener.RecordObservableInstruments();

        Assert.Equal(
            ["", "System.OperationCanceledException", "MLNetExtensions.Imaging.InvalidImageException"],
            Tags("request.duration").Order(Comparer<string>.Create((a, b) => a.Length - b.Length))
        );
        Assert.All(Values("request.duration"), v => Assert.True(v > 0));
        Assert.Equal([1], Values("batch.size"));
        Assert.Single(Values("batch.duration"), v => v > 0);
        Assert.Equal([1], Values("requests.rejected"));
        Assert.Equal(["MLNetExtensions.Imaging.InvalidImageException"], Tags("request.errors"));
        Assert.Equal(["", "System.ArithmeticException"], Tags("model.swaps"));
        Assert.Equal([3, 0], Values("queue.length"));
        Assert.Equal("s", _units["request.duration"]);
        Assert.Equal("s", _units["batch.duration"]);
        Assert.Equal("{image}", _units["batch.size"]);
        Assert.All(new[] { "requests.rejected", "request.errors", "queue.length" }, i => Assert.Equal("{request}", _units[i]));
    }

    [Fact]
    public void A_factorys_meter_is_used_and_outlives_the_predictor()
    {
        using var factory = new Factory();
        using (_images.Gated(new VisionPredictorOptions { Name = _name, MeterFactory = factory }, out _))
            _listener.RecordObservableInstruments();
        Assert.Equal([0], Values("queue.length"));

        _listener.RecordObservableInstruments();

        Assert.Single(Values("queue.length"));
        Assert.Equal(VisionPredictor.MeterName, factory.Made!.Name);
    }

    private static string Short(Instrument instrument)
    {
        Assert.StartsWith("mlnetextensions.predictor.", instrument.Name);
        return instrument.Name["mlnetextensions.predictor.".Length..];
    }

    // Tests run side by side; the name tells whose measurement it is.
    private void See(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags[0] is { Key: "predictor.name", Value: var name } && Equals(name, _name))
            _seen.Enqueue((Short(instrument), value, tags.Length == 1 ? "" : (string)tags[1].Value!));
    }

    private IEnumerable<double> Values(string instrument) => _seen.Where(s => s.Instrument == instrument).Select(s => s.Value);

    private IEnumerable<string> Tags(string instrument) => _seen.Where(s => s.Instrument == instrument).Select(s => s.Tags);

    private sealed class Factory : IMeterFactory
    {
        public Meter? Made { get; private set; }

        // As the factory of dependency injection has it: disposing the meter is left to it.
        public Meter Create(MeterOptions options) => Made = new Kept(options);

        public void Dispose() => (Made as Kept)?.End();

        private sealed class Kept(MeterOptions options) : Meter(options)
        {
            public void End() => base.Dispose(true);

            protected override void Dispose(bool disposing) { }
        }
    }
}
