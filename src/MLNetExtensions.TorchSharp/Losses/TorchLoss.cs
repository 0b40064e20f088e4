using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TorchSharp.Losses;

/// <summary>A loss computed by libtorch from the first output and the encoded targets.</summary>
internal delegate Tensor TorchLoss(Tensor output, Tensor targets, float targetWeight);

/// <summary>The losses this runtime has.</summary>
internal static class TorchLosses
{
    /// <summary>The computation of a loss.</summary>
    /// <exception cref="NotSupportedException">The runtime does not have it.</exception>
    public static TorchLoss Create(Loss loss) => loss switch
    {
        CrossEntropy => SoftTargets,
        _ => throw new NotSupportedException($"The TorchSharp runtime has no loss {loss.GetType().Name}. It has CrossEntropy."),
    };

    private static Tensor SoftTargets(Tensor logits, Tensor targets, float targetWeight) =>
        logits.to(torch.ScalarType.Float32).log_softmax(-1).mul(targets).sum().mul(-1 / targetWeight);
}
