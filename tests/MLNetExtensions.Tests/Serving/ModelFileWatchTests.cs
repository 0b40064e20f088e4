using System.Threading.Channels;
using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

public sealed class ModelFileWatchTests : IDisposable
{
    private readonly ServedImages _images = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Channel<ModelReload> _reloads = Channel.CreateUnbounded<ModelReload>();
    private readonly string _file;

    public ModelFileWatchTests()
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
    public async Task A_changed_file_takes_over_and_a_broken_one_does_not()
    {
        using VisionPredictor predictor = Create();
        _images.Check(await predictor.PredictAsync(_images.Encoded[0]), 0);

        Replace(_images.Second.ToBytes());
        Assert.Equal(new ModelReload(_file, 2, null), await NextReload());
        _images.Check(await predictor.PredictAsync(_images.Encoded[0]), 0, _images.Second);

        Replace("no model"u8);
        ModelReload broken = await NextReload();
        Assert.IsType<OnnxFormatException>(broken.Error);
        Assert.Equal(2, broken.ModelVersion);
        Assert.Same(broken.Error, predictor.Status.ReloadError);
        _images.Check(await predictor.PredictAsync(_images.Encoded[0]), 0, _images.Second);

        Replace(_images.First.ToBytes());
        Assert.Equal(new ModelReload(_file, 3, null), await NextReload());
        Assert.Null(predictor.Status.ReloadError);
        _images.Check(await predictor.PredictAsync(_images.Encoded[0]), 0);
    }

    [Fact]
    public async Task A_callback_that_throws_ends_nothing()
    {
        var log = new System.Collections.Concurrent.ConcurrentQueue<string>();
        _images.Ml.Log += (_, entry) => log.Enqueue(entry.Message);
        using VisionPredictor predictor = Create(onReload: reload =>
        {
            _reloads.Writer.TryWrite(reload);
            throw new InvalidOperationException("the caller's own error");
        });

        Replace(_images.Second.ToBytes());
        Assert.Equal(2, (await NextReload()).ModelVersion);
        Replace(_images.First.ToBytes());
        Assert.Equal(3, (await NextReload()).ModelVersion);

        Assert.Null(predictor.Status.ReloadError);
        Assert.Contains(log, message => message.Contains("OnReload failed for the model file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_is_followed()
    {
        string link = Path.Combine(_folder.Path, "current");
        File.CreateSymbolicLink(link, _file);
        using VisionPredictor predictor = Create(link);
        string second = Path.Combine(_folder.Path, "second.onnx");
        _images.Second.Save(second);

        File.CreateSymbolicLink(link + ".new", second);
        File.Move(link + ".new", link, overwrite: true);

        Assert.Equal(2, (await NextReload()).ModelVersion);
        _images.Check(await predictor.PredictAsync(_images.Encoded[0]), 0, _images.Second);
    }

    [Fact]
    public async Task A_missing_file_changes_nothing()
    {
        using VisionPredictor predictor = Create();
        File.Delete(_file);
        await Task.Delay(60);
        _images.Check(await predictor.PredictAsync(_images.Encoded[0]), 0);
        Assert.Equal(1, predictor.Status.ModelVersion);

        Replace(_images.Second.ToBytes());

        Assert.Equal(2, (await NextReload()).ModelVersion);
    }

    [Fact]
    public async Task A_disposed_predictor_looks_no_more()
    {
        Create().Dispose();
        Replace(_images.Second.ToBytes());

        await Task.Delay(60);

        Assert.False(_reloads.Reader.TryRead(out _));
    }

    private VisionPredictor Create(string? file = null, Action<ModelReload>? onReload = null) =>
        _images.Ml.Model.CreateVisionPredictor(
            file ?? _file,
            new VisionPredictorOptions
            {
                ReloadInterval = TimeSpan.FromMilliseconds(10),
                OnReload = onReload ?? (reload => _reloads.Writer.TryWrite(reload)),
            }
        );

    private void Replace(ReadOnlySpan<byte> content)
    {
        string next = _folder.Add("next", content);
        // Files of the same size, written within the clock's tick, would be the same file.
        File.SetLastWriteTimeUtc(next, File.GetLastWriteTimeUtc(next).AddSeconds(Random.Shared.Next(1, 1000)));
        File.Move(next, _file, overwrite: true);
    }

    private async Task<ModelReload> NextReload() => await _reloads.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
}
