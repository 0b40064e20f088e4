using System.CommandLine;
using Cifar10;
using Microsoft.ML;
using MLNetExtensions.Trainers.TrainNetwork;

var data = new Argument<DirectoryInfo>("data") { Description = "The folder with train/CLASS.webp and test/CLASS.webp." };
var epochs = new Option<int>("--epochs")
{
    Description = "Passes over the training images.",
    DefaultValueFactory = _ => new Recipe().Epochs,
};
var seeds = new Option<int>("--seeds") { Description = "The number of runs, each with its own seed.", DefaultValueFactory = _ => 3 };
var firstSeed = new Option<int>("--first-seed") { Description = "The first run's seed.", DefaultValueFactory = _ => 1 };
var plain = new Option<bool>("--plain") { Description = "Train on the images as they are, neither moved nor mirrored." };
var validate = new Option<bool>("--validate")
{
    Description = "Hold 5,000 training images out and measure on them: for choosing a recipe.",
};
var threads = new Option<int?>("--threads") { Description = "The number of threads; all physical cores where not given." };
var save = new Option<FileInfo?>("--save") { Description = "Write the last run's network to this ONNX file." };
var root = new RootCommand("Trains a small network on CIFAR-10 from scratch, in a few minutes of CPU time.")
{
    data,
    epochs,
    seeds,
    firstSeed,
    plain,
    validate,
    threads,
    save,
};
root.SetAction(result =>
{
    var recipe = new Recipe
    {
        Epochs = result.GetValue(epochs),
        Augments = !result.GetValue(plain),
        Threads = result.GetValue(threads),
    };
    string folder = result.GetRequiredValue(data).FullName;
    ImageSet training = ImageSet.Read(Path.Combine(folder, "train")),
        measured;
    if (result.GetValue(validate))
    {
        int[] rows = [.. Enumerable.Range(0, training.Count)];
        new Random(7).Shuffle(rows);
        (measured, training) = (training.Take(rows.AsSpan(0, 5000)), training.Take(rows.AsSpan(5000)));
    }
    else
    {
        measured = ImageSet.Read(Path.Combine(folder, "test"));
    }

    var accuracies = new List<double>();
    foreach (int seed in Enumerable.Range(result.GetValue(firstSeed), result.GetValue(seeds)))
    {
        Console.WriteLine($"seed {seed}: {training.Count} images, {recipe.Epochs} epochs of steps of {recipe.BatchSize}");
        var ml = new MLContext(seed);
        IDataView images = training.ToView(ml),
            measuredImages = measured.ToView(ml);
        var clock = new TrainingClock();
        TrainNetworkOptions options = recipe.Options(training, seed);
        options.Callbacks = [clock];
#if TENSORFLOW
        options.Runtime = MLNetExtensions.TensorFlow.TensorFlowRuntime.Create();
        (ml.GpuDeviceId, ml.FallbackToCpu) = (0, true);
#endif
        // To print how accuracy grows with time; nothing is chosen by it.
        options.ValidationSet = measuredImages;
        using TrainNetworkTransformer model = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(images);
        TimeSpan time = clock.Elapsed;
        accuracies.Add(ml.MulticlassClassification.Evaluate(model.Transform(measuredImages)).MicroAccuracy);
        Console.WriteLine(
            $"  {time.TotalSeconds:F1} s on {model.Result.History.Device}; with mirror images: {100 * accuracies[^1]:F2} % of "
                + $"{measured.Count} images"
        );
        if (result.GetValue(save) is { } file)
            model.Model.Save(file.FullName);
    }
    double mean = accuracies.Average();
    Console.WriteLine(
        $"accuracy {100 * mean:F2} +- {100 * Math.Sqrt(accuracies.Average(a => (a - mean) * (a - mean))):F2} % ({accuracies.Count} seeds)"
    );
});
return root.Parse(args).Invoke();
