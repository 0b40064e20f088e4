using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Serving;
using MLNetExtensions.Sessions;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Predicting;

/// <summary>A model that classifies images, many at the same time.</summary>
internal sealed class Predictor : IDisposable
{
    // So many images are on their way; their answers come in order.
    private const int Window = 256;

    private readonly VisionPredictor _predictor;

    private Predictor(VisionPredictor predictor) => _predictor = predictor;

    /// <summary>Opens a model.</summary>
    /// <exception cref="UsageException">The file is no model that says how images become its input.</exception>
    public static Predictor Open(string file, int? threads)
    {
        try
        {
            return new Predictor(
                new MLContext().Model.CreateVisionPredictor(
                    file,
                    new VisionPredictorOptions
                    {
                        QueueCapacity = Window,
                        WhenFull = QueueFullMode.Wait,
                        SessionSettings = new OnnxSessionSettings { Threads = threads },
                    }
                )
            );
        }
        catch (Exception error) when (error is InvalidDataException or OnnxFormatException)
        {
            throw new UsageException($"The model '{file}' cannot be used: {error.Message}", error);
        }
    }

    /// <summary>Predicts images in their order.</summary>
    /// <param name="images">What names each image, and its prediction as it is asked for: a path, or bytes.</param>
    /// <param name="ask">Asks for an image's prediction.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <returns>Each image with its prediction, or with the reason why it cannot be read.</returns>
    public async IAsyncEnumerable<(T Image, VisionPrediction? Prediction, string? Problem)> PredictAsync<T>(
        IEnumerable<T> images,
        Func<VisionPredictor, T, Task<VisionPrediction>> ask,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var waiting = new Queue<(T, Task<VisionPrediction>)>();
        foreach (T image in images)
        {
            cancellation.ThrowIfCancellationRequested();
            waiting.Enqueue((image, ask(_predictor, image)));
            if (waiting.Count == Window)
                yield return await EndAsync(waiting.Dequeue()).ConfigureAwait(false);
        }
        while (waiting.TryDequeue(out (T, Task<VisionPrediction>) next))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return await EndAsync(next).ConfigureAwait(false);
        }
    }

    public void Dispose() => _predictor.Dispose();

    private static async Task<(T, VisionPrediction?, string?)> EndAsync<T>((T Image, Task<VisionPrediction> Prediction) asked)
    {
        try
        {
            return (asked.Image, await asked.Prediction.ConfigureAwait(false), null);
        }
        catch (InvalidImageException error)
        {
            return (asked.Image, null, FailureText.OneLine(error.Reason));
        }
    }
}
