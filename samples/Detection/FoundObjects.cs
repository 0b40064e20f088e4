namespace DetectionSample;

/// <summary>What an application reads of an image's objects.</summary>
internal sealed class FoundObjects
{
    public string ImagePath { get; set; } = "";

    /// <summary>The class of each object: a key, from 1.</summary>
    public uint[] PredictedLabel { get; set; } = [];

    /// <summary>Left, top, right and bottom of each object, in pixels.</summary>
    public float[] PredictedBoundingBoxes { get; set; } = [];

    /// <summary>The score of each object, 0 to 1.</summary>
    public float[] Score { get; set; } = [];
}
