using System.Buffers;
using System.Diagnostics;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Batches;

namespace MLNetExtensions.Serving;

/// <summary>A thread that decodes and scores what is next in a <see cref="RequestQueue"/>, until the queue is closed.</summary>
internal sealed class PredictionWorker
{
    private readonly RequestQueue _queue;
    private readonly PredictorMetrics _metrics;
    private readonly Pulse _pulse;
    private readonly Thread _thread;
    private readonly List<PredictionRequest> _batch = [];
    private ScoreBatch? _scores;

    public PredictionWorker(RequestQueue queue, PredictorMetrics metrics, Pulse pulse, string name)
    {
        _queue = queue;
        _metrics = metrics;
        _pulse = pulse;
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Waits until the thread has ended.</summary>
    public void Join() => _thread.Join();

    private void Work()
    {
        PredictionRequest? decoded = null;
        while (_queue.Next(decoded, _batch, out PredictionRequest? toDecode))
        {
            decoded = null;
            if (toDecode is not null)
                decoded = Decode(toDecode);
            else
                Score();
        }
        _scores?.Dispose();
        if (decoded is null)
            return;
        decoded.Fail(VisionPredictor.Disposed());
        decoded.Release();
    }

    /// <returns>The request, with its canvas; null if it has ended.</returns>
    private static PredictionRequest? Decode(PredictionRequest request)
    {
        RequestImage? image = request.TakeImage();
        if (image is not null)
        {
            try
            {
                ImageDecoder decoder = request.Model!.Decoder;
                request.Canvas = ArrayPool<byte>.Shared.Rent(decoder.CanvasBytes);
                image.Decode(decoder, request.Canvas);
                return request;
            }
            catch (Exception e)
            {
                request.Fail(e);
            }
            finally
            {
                image.Release();
                request.EndReading();
            }
        }
        request.Release();
        return null;
    }

    private void Score()
    {
        _batch.RemoveAll(static request =>
        {
            bool hasEnded = request.HasEnded;
            if (hasEnded)
                request.Release();
            return hasEnded;
        });
        if (_batch.Count == 0)
            return;
        try
        {
            ServedModel model = _batch[0].Model!;
            ScoreBatch scores = Run(model);
            _pulse.Answered();
            for (int row = 0; row < _batch.Count; row++)
                _batch[row].Answer(new VisionPrediction(model.Labels, scores.Values<float>(0, row).ToArray(), model.Version));
        }
        catch (Exception e)
        {
            _pulse.Failed();
            foreach (PredictionRequest request in _batch)
                request.Fail(
                    new InvalidOperationException(
                        $"The model {_batch[0].Model!.Name} could not be run on a batch of {_batch.Count} images: {e.Message}",
                        e
                    )
                );
        }
        finally
        {
            foreach (PredictionRequest request in _batch)
                request.Release();
            _batch.Clear();
        }
    }

    private ScoreBatch Run(ServedModel model)
    {
        if (_scores is null || !model.Fits(_scores))
        {
            _scores?.Dispose();
            _scores = model.NewBatch();
        }
        model.Begin(_scores, _batch.Count);
        for (int row = 0; row < _batch.Count; row++)
            model.Put(_scores, row, _batch[row].Canvas.AsSpan(0, model.Decoder.CanvasBytes));
        long started = Stopwatch.GetTimestamp();
        model.Run(_scores, alone: _queue.Inside == _batch.Count);
        _metrics.BatchScored(_batch.Count, Stopwatch.GetElapsedTime(started));
        return _scores;
    }
}
