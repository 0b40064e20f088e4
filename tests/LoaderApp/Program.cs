using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// Loads a saved model as a deployed application does, without a reference to MLNetExtensions, and scores files.
// Prints a line for each: label, then the probabilities, separated by tabs; of a detector the labels, boxes and scores of its objects.
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: LoaderApp model.zip image...");
    return 2;
}

var ml = new MLContext();
ITransformer model = ml.Model.Load(args[0], out DataViewSchema schema);
IDataView photos =
    schema["Image"].Type is TextDataViewType
        ? ml.Data.LoadFromEnumerable(args[1..].Select(path => new Photo { Image = path }))
        : ml.Data.LoadFromEnumerable(args[1..].Select(path => new EncodedPhoto { Image = File.ReadAllBytes(path) }));
IDataView scored = model.Transform(photos);
if (scored.Schema["PredictedLabel"].Type is VectorDataViewType)
    Objects.Write(scored);
else
    Classes.Write(ml, scored);

// ML.NET keeps the ONNX model in a temporary file until then.
(model as IDisposable)?.Dispose();
return 0;

internal static class Classes
{
    public static void Write(MLContext ml, IDataView scored)
    {
        if (scored.Schema["PredictedLabel"].Type is KeyDataViewType)
            scored = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored);
        foreach ((string label, float[] scores) in scored.GetColumn<string>("PredictedLabel").Zip(scored.GetColumn<float[]>("Score")))
            Console.WriteLine(string.Join('\t', scores.Select(s => s.ToString("R", CultureInfo.InvariantCulture)).Prepend(label)));
    }
}

internal static class Objects
{
    public static void Write(IDataView scored)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["PredictedLabel"].GetKeyValues(ref names);
        string[] classes = [.. names.DenseValues().Select(name => name.ToString())];
        foreach (
            ((uint[] labels, float[] boxes), float[] scores) in scored
                .GetColumn<uint[]>("PredictedLabel")
                .Zip(scored.GetColumn<float[]>("PredictedBoundingBoxes"))
                .Zip(scored.GetColumn<float[]>("Score"))
        )
            Console.WriteLine(
                string.Join(
                    '\t',
                    labels
                        .Select(key => classes[key - 1])
                        .Concat(boxes.Concat(scores).Select(value => value.ToString("R", CultureInfo.InvariantCulture)))
                )
            );
    }
}

internal sealed class Photo
{
    public string Image { get; set; } = "";
}

internal sealed class EncodedPhoto
{
    public byte[] Image { get; set; } = [];
}
