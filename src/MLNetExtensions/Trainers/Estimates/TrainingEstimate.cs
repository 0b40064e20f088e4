using System.Globalization;

namespace MLNetExtensions.Trainers.Estimates;

/// <summary>The time and memory that a training will take on this machine, measured on some of its rows.</summary>
public sealed record TrainingEstimate
{
    /// <summary>The number of training rows.</summary>
    public required long Rows { get; init; }

    /// <summary>The time to read and decode the images and, with a backbone, to run its frozen layers over them.</summary>
    public required TimeSpan Reading { get; init; }

    /// <summary>The number of epochs that train the head alone; 0 if there is no such phase.</summary>
    public int HeadEpochs { get; init; }

    /// <summary>The time of such an epoch.</summary>
    public TimeSpan HeadEpoch { get; init; }

    /// <summary>The number of epochs that train layers of a backbone, or a network from scratch; 0 if only a head is trained.</summary>
    public int NetworkEpochs { get; init; }

    /// <summary>The time of such an epoch, without validation.</summary>
    public TimeSpan NetworkEpoch { get; init; }

    /// <summary>The time of a step in such an epoch, the median of the measured ones.</summary>
    public TimeSpan NetworkStep { get; init; }

    /// <summary>The time of the whole training, without validation and checkpoints.</summary>
    public TimeSpan Total => Reading + HeadEpochs * HeadEpoch + NetworkEpochs * NetworkEpoch;

    /// <summary>
    /// The memory of a step in bytes: the values between the layers, weights, gradients and optimizer; null if only a head is trained, or the
    /// network's sizes are not known.
    /// </summary>
    public long? Memory { get; init; }

    /// <summary>The memory that is free for this process, in bytes.</summary>
    public required long FreeMemory { get; init; }

    /// <summary>The largest number of images in a step that fits in 85 % of <see cref="FreeMemory"/>; null like <see cref="Memory"/>.</summary>
    public int? LargestBatchSize { get; init; }

    /// <summary>What the training will do, in a few lines.</summary>
    public override string ToString()
    {
        string text = $"{Rows:N0} images: reading {Text(Reading)}";
        if (HeadEpochs > 0)
            text += $", head {HeadEpochs} epochs of {Text(HeadEpoch)}";
        if (NetworkEpochs > 0)
            text += $", network {NetworkEpochs} epochs of {Text(NetworkEpoch)} (a step {Text(NetworkStep)})";
        text += $"; about {Text(Total)} in all.";
        return Memory is { } memory
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{text} A step needs {memory / 1e9:F2} GB of {FreeMemory / 1e9:F1} GB that are free; up to {LargestBatchSize:N0} images would fit."
            )
            : text;
    }

    private static string Text(TimeSpan time) =>
        time.TotalSeconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms")
        : time.TotalSeconds < 100 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F1} min");
}
