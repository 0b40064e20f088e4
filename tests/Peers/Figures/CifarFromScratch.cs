using Cifar10;
using Microsoft.ML;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// samples/Cifar10 against the wall time of 10 epochs of the seed CNN in PyTorch at batch 32. PyTorch's steps are timed before and after
/// each of our epochs, so that both have the machine in the same state; its input costs nothing, ours is counted, and so is everything else
/// of Fit.
/// </summary>
internal static class CifarFromScratch
{
    private const int Seeds = 3,
        PeerSteps = 40,
        PeerRun = 10 * 1563;

    /// <summary>The share of PyTorch's time that a run is planned for; the rest is for what disturbs the machine.</summary>
    private const double Plan = 0.9;

    /// <summary>
    /// Test accuracy in % of as many epochs as fit, mean of three seeds; null where a run took longer than PyTorch all the same.
    /// </summary>
    public static double? Accuracy()
    {
        using var peer = new PythonPeer("seed_cnn.py");
        (ImageSet training, ImageSet test) = Read();
        const int part = 5;
        peer.AskNumber($"steps {PeerSteps}");
        int[] rows = [.. Enumerable.Range(0, training.Count / part).Select(i => i * part)];
        (_, double seconds, double peerSeconds) = Train(new Recipe { Epochs = 1 }, training.Take(rows), test, seed: 99, peer);
        int epochs = (int)Math.Clamp(Plan * peerSeconds / (seconds * part), 1, 14);
        Console.WriteLine($"PyTorch needs {peerSeconds:F0} s for 10 epochs; {epochs} epochs of ours fit");
        List<(double Accuracy, double Seconds, double Peer)> runs =
        [
            .. Enumerable.Range(1, Seeds).Select(seed => Train(new Recipe { Epochs = epochs }, training, test, seed, peer)),
        ];
        return runs.Average(r => r.Seconds / r.Peer) <= 1 ? runs.Average(r => r.Accuracy) : null;
    }

    /// <summary>
    /// The time of the recipe as it stands, which reaches 88 %, over PyTorch's; null where the mean of three seeds is lower.
    /// </summary>
    public static double? Time()
    {
        using var peer = new PythonPeer("seed_cnn.py");
        (ImageSet training, ImageSet test) = Read();
        peer.AskNumber($"steps {PeerSteps}");
        List<(double Accuracy, double Seconds, double Peer)> runs =
        [
            .. Enumerable.Range(1, Seeds).Select(seed => Train(new Recipe(), training, test, seed, peer)),
        ];
        return runs.Average(r => r.Accuracy) >= 88 ? runs.Average(r => r.Seconds / r.Peer) : null;
    }

    private static (ImageSet Training, ImageSet Test) Read()
    {
        string folder = SharedData.PathOf("data", "cifar10");
        return (ImageSet.Read(Path.Combine(folder, "train")), ImageSet.Read(Path.Combine(folder, "test")));
    }

    private static (double Accuracy, double Seconds, double Peer) Train(
        Recipe recipe,
        ImageSet training,
        ImageSet test,
        int seed,
        PythonPeer peer
    )
    {
        var ml = new MLContext(seed);
        IDataView images = training.ToView(ml);
        var turns = new Turns(peer);
        TrainNetworkOptions options = recipe.Options(training, seed);
        options.Callbacks = [turns];
        using TrainNetworkTransformer model = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(images);
        double seconds = turns.Elapsed.TotalSeconds,
            peerSeconds = turns.PeerSteps.Average() * PeerRun;
        double accuracy = 100 * ml.MulticlassClassification.Evaluate(model.Transform(test.ToView(ml))).MicroAccuracy;
        Console.WriteLine(
            $"seed {seed}: {accuracy:F2} % after {recipe.Epochs} epochs in {seconds:F0} s; PyTorch's 10 epochs at "
                + $"{1000 * turns.PeerSteps.Average():F1} ms a step: {peerSeconds:F0} s; ratio {seconds / peerSeconds:F2}"
        );
        return (accuracy, seconds, peerSeconds);
    }

    /// <summary>Lets the peer make steps between our epochs, while our clock stands.</summary>
    private sealed class Turns(PythonPeer peer) : TrainingClock
    {
        public List<double> PeerSteps { get; } = [];

        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            base.OnEpochEnd(arguments);
            PeerSteps.Add(peer.AskNumber($"steps {CifarFromScratch.PeerSteps}"));
        }
    }
}
