using MLNetExtensions.Imaging.Jpeg;
using MLNetExtensions.TestData.Needs;

namespace MLNetExtensions.Imaging.Tests.Jpeg;

/// <summary>A processor on which the library decodes JPEG files itself.</summary>
internal sealed class NeedsAvx2Attribute : NeedsAttribute
{
    public override string What => "AVX2, also switched on in .NET (DOTNET_EnableAVX2)";

    public override bool IsThere => JpegRegionDecoder.IsSupported;
}
