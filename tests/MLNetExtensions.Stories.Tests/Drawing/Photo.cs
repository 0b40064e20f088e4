namespace MLNetExtensions.Stories.Tests.Drawing;

/// <summary>An image of a folder, as an application asks for its prediction.</summary>
internal sealed class Photo
{
    public string ImagePath { get; set; } = "";

    public string Label { get; set; } = "";
}
