using Microsoft.ML;

namespace MLNetExtensions.Data;

/// <summary>The records of <see cref="CifarCatalog.LoadFromCifar"/>.</summary>
public enum CifarFormat
{
    /// <summary>CIFAR-10: ten classes.</summary>
    Cifar10,

    /// <summary>CIFAR-100 with its 100 fine classes.</summary>
    Cifar100Fine,

    /// <summary>CIFAR-100 with its 20 superclasses.</summary>
    Cifar100Coarse,
}
