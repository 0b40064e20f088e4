using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Predicting.Dense;

/// <summary>Finds the objects of files, or the classes of their pixels, writes them, and draws them.</summary>
internal static class DensePrediction
{
    /// <summary>The lowest score of an object that is given, unless said otherwise.</summary>
    public const double DefaultLeastScore = 0.25;

    // So many images are scored together.
    private const int Together = 32;

    /// <returns>The exit code: 1 if an image cannot be read.</returns>
    public static int Run(
        PredictRequest request,
        NamedModel model,
        IReadOnlyList<string> images,
        string? output,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var ml = new MLContext();
        using SavedPipeline pipeline = SavedPipeline.Open(ml, model.File);
        using TemporaryFile? file = output is null ? null : TemporaryFile.Beside(output);
        int unreadable = 0;
        using (StreamWriter? text = file is null ? null : new StreamWriter(file.Path))
        using (
            IDensePredictions predictions = Predictions(
                ml,
                pipeline,
                request,
                model.Task,
                new FoundWriter(text ?? terminal.Out, output, request.Json)
            )
        )
            foreach (string[] some in images.Chunk(Together))
            {
                cancellation.ThrowIfCancellationRequested();
                using var upright = new UprightImages();
                (string? Upright, string? Problem)[] looks = [.. some.AsParallel().AsOrdered().Select(path => Look(path, upright))];
                unreadable += looks.Count(look => look.Problem is not null);
                IDataView scored = pipeline.Transform(
                    ml.Data.LoadFromEnumerable(
                        looks.Where(look => look.Problem is null).Select(look => new ImageFile { ImagePath = look.Upright! })
                    )
                );
                using DataViewRowCursor cursor = scored.GetRowCursor(predictions.Columns(scored.Schema));
                Action<string> write = predictions.Reader(cursor);
                foreach ((string path, (_, string? problem)) in some.Zip(looks))
                    if (problem is not null)
                        predictions.WriteProblem(path, problem);
                    else
                    {
                        cursor.MoveNext();
                        write(path);
                    }
            }
        file?.Complete();
        return PredictJob.End(images.Count, unreadable, output, terminal);
    }

    private static IDensePredictions Predictions(
        MLContext ml,
        SavedPipeline pipeline,
        PredictRequest request,
        VisionTask task,
        FoundWriter writer
    ) => task == VisionTask.Detect ? new ObjectPredictions(ml, request, writer) : new PixelPredictions(ml, pipeline, request, writer);

    /// <summary>The file to score, or why it cannot be read: one bad file would end the others' prediction.</summary>
    private static (string? Upright, string? Problem) Look(string path, UprightImages upright)
    {
        try
        {
            RasterImage.Load(path);
            return (upright.PathOf(path), null);
        }
        catch (InvalidImageException error)
        {
            return (null, FailureText.OneLine(error.Reason));
        }
    }
}
