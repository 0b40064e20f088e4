namespace WebAppSample.Training;

/// <summary>A row to train on.</summary>
internal sealed class LabeledPhoto
{
    public string ImagePath { get; set; } = "";

    public string Label { get; set; } = "";
}
