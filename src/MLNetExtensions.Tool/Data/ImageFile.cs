namespace MLNetExtensions.Tool.Data;

/// <summary>A row of what is predicted.</summary>
internal sealed class ImageFile
{
    public string ImagePath { get; set; } = "";
}
