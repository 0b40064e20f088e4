using System.Diagnostics;
using FineTuneSample;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.ScoreOnnx;

// Scores a folder of images with any ONNX classifier, in batches, as a step of a pipeline; saves the step as an ordinary ML.NET model, and
// scores with the loaded one as fast.
//   dotnet run -c Release --project samples/OnnxScoring [-- MODEL.onnx FOLDER]
// Without arguments: a small CIFAR-10 network, and 200 drawn images.
if (args.Length is not (0 or 2))
{
    Console.Error.WriteLine("Expected a model and a folder of images, or nothing.");
    return 2;
}
using ShapeImages? drawn = args.Length == 0 ? new ShapeImages(perClass: 50, seed: 1) : null;
string model = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "pretrained", "cifarnet_cifar10.onnx");
string folder = drawn?.Folder ?? args[1];

var ml = new MLContext(seed: 1);
IDataView images = ml.Data.LoadFromImageFolder(folder);
using ScoreOnnxTransformer scorer = ml
    .Transforms.ScoreOnnx(
        new ScoreOnnxOptions
        {
            ModelFile = model,
            Inputs = [new OnnxInput { ColumnName = "ImagePath" }], // its preprocessing comes from the file or the catalog
            Decoding = new ClassificationDecoding { ApplySoftmax = true, TopK = 3 },
        }
    )
    .Fit(images);
float[][] scores = Measure("ScoreOnnx", scorer);

string zip = Path.Combine(Path.GetTempPath(), $"scorer-{Environment.ProcessId}.zip");
try
{
    ml.Model.SaveAtomic(scorer, images.Schema, zip);
    using var loaded = ml.Model.Accelerate(ml.Model.Load(zip, out _));
    float[][] again = Measure("saved, loaded, accelerated", loaded);
    Console.WriteLine($"Largest difference: {scores.Zip(again, (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max()).Max():G2}");
}
finally
{
    File.Delete(zip);
}
return 0;

float[][] Measure(string name, ITransformer transformer)
{
    var clock = Stopwatch.StartNew();
    float[][] all = [.. transformer.Transform(images).GetColumn<float[]>("Score")];
    Console.WriteLine($"{name}: {all.Length} images, {all.Length / clock.Elapsed.TotalSeconds:F0} images/s with decoding");
    return all;
}
