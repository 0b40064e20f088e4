namespace MLNetExtensions.Stories.Tests.Drawing;

/// <summary>What an application reads of a prediction.</summary>
internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
