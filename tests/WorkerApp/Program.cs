using System.Globalization;
using MLNetExtensions.TensorFlow;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;
using WorkerApp;

// A program for the launcher's tests: a launcher itself, or one of its workers.
if (args is ["launch", var launchFolder, var count])
{
    var launch = new TensorFlowLauncherOptions
    {
        Workers = int.Parse(count, CultureInfo.InvariantCulture),
        MaxRestarts = 0,
        Arguments = ["train", launchFolder, "1000000", "0"],
    };
    return (await TensorFlowLauncher.RunAsync(launch)).ExitCode;
}
if (args is not ["train", var folder, var epochs, var crashEpoch])
{
    Console.Error.WriteLine(
        "usage: WorkerApp launch folder workers | WorkerApp train folder epochs crash-epoch (of the second worker, in the first "
            + "attempt; 0 for none)"
    );
    return 2;
}
Training.Run(
    folder,
    TensorFlowCluster.FromEnvironment(),
    int.Parse(epochs, CultureInfo.InvariantCulture),
    int.Parse(crashEpoch, CultureInfo.InvariantCulture)
);
return 0;
