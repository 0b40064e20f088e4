using System.CommandLine;
using FineTuneSample;
using MLNetExtensions.Trainers.FineTune;

// Fine-tunes a pretrained ONNX network on a folder of photos (a sub-folder for each class), measures it, saves an ordinary ML.NET model and
// predicts a photo from the saved file. Without a folder it draws images of its own.
var folder = new Argument<DirectoryInfo?>("folder")
{
    Description = "Photos, a sub-folder for each class. Without it the sample draws images of shapes.",
    Arity = ArgumentArity.ZeroOrOne,
};
var backbone = new Option<FileInfo?>("--backbone")
{
    Description = "The pretrained network, an ONNX file. By default an ImageNet ResNet-18 for photos, a small network for drawn images.",
};
var layers = new Option<string?>("--layers")
{
    Description =
        "What is trained beside the new head: head (nothing else; the default for your photos), all (for drawn images), or a number of "
        + "stages.",
};
var epochs = new Option<int?>("--epochs") { Description = "Passes over the photos; by default as many as suit the layers." };
var output = new Option<FileInfo>("--output")
{
    Description = "Where the model goes.",
    DefaultValueFactory = _ => new FileInfo("model.zip"),
};
var report = new Option<FileInfo?>("--report")
{
    Description = "Writes a report about the model: one HTML file with its figures, confusions and worst mistakes.",
};
var seed = new Option<int>("--seed") { Description = "Fixes the split and every random draw.", DefaultValueFactory = _ => 1 };
layers.Validators.Add(result =>
{
    string? text = result.GetValueOrDefault<string?>();
    if (text is not (null or "head" or "all") && !(int.TryParse(text, out int groups) && groups > 0))
        result.AddError($"--layers is '{text}'; it must be head, all, or a number of stages.");
});

var command = new RootCommand("Fine-tunes a pretrained ONNX network on a folder of photos, inside an ML.NET pipeline.")
{
    folder,
    backbone,
    layers,
    epochs,
    output,
    report,
    seed,
};
command.SetAction(parsed =>
{
    try
    {
        Sample.Run(
            parsed.GetValue(folder)?.FullName,
            parsed.GetValue(backbone)?.FullName,
            parsed.GetValue(layers) switch
            {
                // The small network takes seconds to train as a whole, a network of photos minutes.
                null => parsed.GetValue(folder) is null ? FineTuneLayers.All : FineTuneLayers.Head,
                "head" => FineTuneLayers.Head,
                "all" => FineTuneLayers.All,
                string stages => FineTuneLayers.LastStages(int.Parse(stages)),
            },
            parsed.GetValue(epochs),
            parsed.GetValue(output)!.FullName,
            parsed.GetValue(report)?.FullName,
            parsed.GetValue(seed)
        );
        return 0;
    }
    catch (Exception error)
        when (error
                is IOException
                    or InvalidDataException
                    or InvalidOperationException
                    or ArgumentException
                    or MLNetExtensions.Onnx.OnnxFormatException
        )
    {
        // What a user can mend: the message says what and how. Anything else is a defect and keeps its stack trace.
        Console.Error.WriteLine(error.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();
