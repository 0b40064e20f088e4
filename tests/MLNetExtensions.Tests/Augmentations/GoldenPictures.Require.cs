using MLNetExtensions.TestData;

namespace MLNetExtensions.Tests.Augmentations;

internal sealed partial class GoldenPictures
{
    /// <summary>Skips the running test where the file is not there.</summary>
    public GoldenPictures()
        : this(SharedData.Require("golden", "image_ops.npz"))
    {
    }
}
