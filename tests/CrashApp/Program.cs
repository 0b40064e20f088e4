using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring.ScoreOnnx;

// Saves a pipeline and is killed in the middle: as soon as a temporary file lies in its folder.
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: CrashApp model.onnx temporary-folder (a large model that takes x, three floats a row)");
    return 2;
}

var ml = new MLContext { TempFilePath = args[1] };
IDataView view = ml.Data.LoadFromEnumerable([new Row()]);
using ScoreOnnxTransformer scorer = ml
    .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelFile = args[0], Inputs = [new OnnxInput { ColumnName = "x" }] })
    .Fit(view);
new Thread(() =>
{
    while (!Directory.EnumerateFiles(args[1], "*.tmp").Any())
        Thread.Yield();
    Process.GetCurrentProcess().Kill();
})
{
    IsBackground = true,
}.Start();
ml.Model.Save(scorer, view.Schema, Stream.Null);
Console.Error.WriteLine("there was no temporary file while the model was saved");
return 1;

internal sealed class Row
{
    [VectorType(3)]
    public float[] x { get; set; } = new float[3];
}
