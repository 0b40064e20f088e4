using Microsoft.ML;
using MLNetExtensions.Faults.Formats;
using MLNetExtensions.Serving;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Faults.Callers;

/// <summary>Encoded images, as bytes and as files, and the scores that a model gives each of them alone.</summary>
internal sealed class CallerImages : IDisposable
{
    /// <summary>A folder for this run.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mlnetextensions-callers-").FullName;

    public CallerImages()
    {
        Encoded = FuzzCorpus.Read("jpeg", "*.jpg");
        for (int i = 0; i < Encoded.Count; i++)
            File.WriteAllBytes(PathOf(i), Encoded[i]);
        using FineTuneTransformer transformer = SmallClassifier.Create(Ml, out DataViewSchema _);
        transformer.ExportOnnx(ModelFile);
        using VisionPredictor predictor = Ml.Model.CreateVisionPredictor(transformer);
        Scores = [.. Encoded.Select(e => predictor.PredictAsync(e).GetAwaiter().GetResult().Scores.ToArray())];
    }

    public MLContext Ml { get; } = new(seed: 1);

    public IReadOnlyList<byte[]> Encoded { get; }

    public IReadOnlyList<float[]> Scores { get; }

    /// <summary>The classifier as other programs have it.</summary>
    public string ModelFile => Path.Combine(Folder, "model.onnx");

    public string PathOf(int image) => Path.Combine(Folder, $"{image}.jpg");

    /// <summary>A view of the files, with the column that the classifier asks for.</summary>
    public IDataView View() => Ml.Data.LoadFromEnumerable(Enumerable.Range(0, Encoded.Count).Select(i => new Row { Image = PathOf(i) }));

    /// <summary>True if scores are those of an image, up to the rounding of another batch.</summary>
    public bool AreRight(int image, IReadOnlyList<float> scores) =>
        scores.Count == Scores[image].Length && scores.Zip(Scores[image]).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5f);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    internal sealed class Row
    {
        public string Image { get; set; } = "";
    }
}
