using Microsoft.ML;

namespace MLNetExtensions.Tool.Data;

/// <summary>The images of a run, and the parts that they come in.</summary>
/// <param name="Train">The images to train on, or all of them.</param>
/// <param name="Validation">The images that measure epochs; null if they do not come apart.</param>
/// <param name="Test">The images that measure the finished model; null if they do not come apart.</param>
internal sealed record ImageSet(IDataView Train, IDataView? Validation, IDataView? Test)
{
    /// <summary>The column of images: paths, or the bytes of files in archives.</summary>
    public string ImageColumn => ImageFiles.ImageColumnOf(Train);

    /// <summary>The parts by name.</summary>
    public IEnumerable<KeyValuePair<string, IDataView>> Parts
    {
        get
        {
            yield return new("train", Train);
            if (Validation is not null)
                yield return new("validation", Validation);
            if (Test is not null)
                yield return new("test", Test);
        }
    }
}
