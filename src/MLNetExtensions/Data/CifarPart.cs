namespace MLNetExtensions.Data;

/// <summary>The parts of CIFAR.</summary>
public enum CifarPart
{
    /// <summary>50,000 images.</summary>
    Train,

    /// <summary>10,000 images.</summary>
    Test,
}
