using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Serving;

/// <summary>An image that needs no decoding, for probes.</summary>
internal sealed class BlackImage : RequestImage
{
    public override void Decode(ImageDecoder decoder, Span<byte> canvas) => canvas[..decoder.CanvasBytes].Clear();
}
