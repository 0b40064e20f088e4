using System.CommandLine;
using DistributedTraining;
using MLNetExtensions.TensorFlow;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;

// Trains a network on a folder of photos (a sub-folder for each class) with several workers. Started by hand it launches the workers on
// this machine; a worker finds TF_CONFIG in its environment, from this launcher, from docker compose or from Kubernetes. Without a folder
// each worker draws the same images.
var folder = new Argument<DirectoryInfo?>("folder")
{
    Description = "Photos, a sub-folder for each class. Without it the sample draws images of shapes.",
    Arity = ArgumentArity.ZeroOrOne,
};
var workers = new Option<int>("--workers")
{
    Description = "The number of workers that are launched on this machine.",
    DefaultValueFactory = _ => 2,
};
var epochs = new Option<int>("--epochs") { Description = "Passes over the photos.", DefaultValueFactory = _ => 12 };
var output = new Option<DirectoryInfo>("--output")
{
    Description = "Where checkpoints and the model go, a folder that all workers share. A run goes on from the checkpoints there.",
    DefaultValueFactory = _ => new DirectoryInfo("distributed"),
};
var seed = new Option<int>("--seed")
{
    Description = "Fixes the split and every random draw; the same on all workers.",
    DefaultValueFactory = _ => 1,
};

var command = new RootCommand("Trains a network on a folder of photos with several workers.") { folder, workers, epochs, output, seed };
command.SetAction(
    async (parsed, canceled) =>
    {
        try
        {
            if (TensorFlowCluster.FromEnvironment() is not { } cluster)
                return (
                    await TensorFlowLauncher.RunAsync(new TensorFlowLauncherOptions { Workers = parsed.GetValue(workers) }, canceled)
                ).ExitCode;
            Worker.Run(
                cluster,
                parsed.GetValue(folder)?.FullName,
                parsed.GetValue(epochs),
                parsed.GetRequiredValue(output).FullName,
                parsed.GetValue(seed),
                canceled
            );
            return 0;
        }
        catch (Exception error)
            when (error
                    is IOException
                        or InvalidDataException
                        or InvalidOperationException
                        or ArgumentException
                        or TensorFlowException
                        or DllNotFoundException
            )
        {
            // What a user can mend: the message says what and how. Anything else is a defect and keeps its stack trace.
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
);
return await command.Parse(args).InvokeAsync();
