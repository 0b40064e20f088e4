using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>Checks of what is written into a session, the same for every runtime.</summary>
internal static class TrainedValues
{
    /// <summary>Checks that a value can be copied in.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="shape">The shape that the session has under the name; null if it has none.</param>
    /// <param name="key">Its name in the message, if it differs.</param>
    /// <exception cref="ArgumentException">The name is not one of the session's, or the shape differs.</exception>
    public static void Check(string name, OnnxTensor value, IReadOnlyList<long>? shape, string? key = null)
    {
        if (shape is null)
            throw new ArgumentException($"'{name}' is neither a trainable parameter nor a BatchNorm statistic of this session.");
        if (!value.Shape.SequenceEqual(shape))
            throw new ArgumentException(
                $"'{key ?? name}' has the shape [{string.Join(',', value.Shape)}], expected [{string.Join(',', shape)}]."
            );
    }

    /// <summary>Checks that something is trained and may have a mask.</summary>
    /// <exception cref="ArgumentException">It is a statistic.</exception>
    public static void CheckMasked(string name, bool isTrainable)
    {
        if (!isTrainable)
            throw new ArgumentException($"'{name}' is a BatchNorm statistic, which is not trained and has no mask.", "masks");
    }
}
