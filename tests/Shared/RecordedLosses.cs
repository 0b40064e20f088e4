using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TestData;

/// <summary>The losses of given targets that tests/Golden/losses.npz has PyTorch's values of, by their names there.</summary>
internal static class RecordedLosses
{
    public static Loss OfGivenTargets(string name, Npz record) =>
        name switch
        {
            "bce_with_logits" => new BinaryCrossEntropy(),
            "bce_with_logits_posweight" => new BinaryCrossEntropy(record.Singles("class_weights")),
            "mse" => new MeanSquaredError(),
            "huber" => new Huber(),
            _ => new CrossEntropy(),
        };
}
