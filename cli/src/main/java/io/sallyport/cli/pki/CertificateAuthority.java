package io.sallyport.cli.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs the identities of one installation. Keys are ECDSA P-256; everything comes from the JDK's
 * own providers, BouncyCastle only lays out the certificates.
 */
public final class CertificateAuthority {
    private static final int AUTHORITY_YEARS = 10;
    private static final int IDENTITY_YEARS = 2;
    // Hosts whose clocks are behind ours must not find a new certificate not yet valid.
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Identity identity;
    private final InstantSource clock;

    CertificateAuthority(Identity identity, InstantSource clock) {
        this.identity = identity;
        this.clock = clock;
    }

    /** A new authority with a name of its own, so that two are never taken for one. */
    public static CertificateAuthority create(InstantSource clock) {
        try {
            var keys = newKeys();
            var name = commonName("Sallyport CA " + HexFormat.of().toHexDigits(RANDOM.nextInt()));
            var now = clock.instant();
            var builder =
                    builder(name, name, keys.getPublic(), now, yearsAfter(now, AUTHORITY_YEARS));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            var identity = new Identity(sign(builder, keys.getPrivate()), keys.getPrivate());
            return new CertificateAuthority(identity, clock);
        } catch (GeneralSecurityException | OperatorCreationException | IOException impossible) {
            throw new IllegalStateException("cannot make a certificate authority", impossible);
        }
    }

    /** The authority's own certificate and key. */
    public Identity identity() {
        return identity;
    }

    /** An identity that agents accept under these hosts' names, and that cannot be an agent. */
    public Identity issueGateway(String name, List<CertifiedHost> hosts) {
        var names = hosts.stream().map(CertifiedHost::subjectAlternativeName);
        return issue(name, KeyPurposeId.id_kp_serverAuth, names.toArray(GeneralName[]::new));
    }

    /** An identity that gateways accept, and that cannot be a gateway. */
    public Identity issueAgent(String name) {
        return issue(name, KeyPurposeId.id_kp_clientAuth);
    }

    private Identity issue(String name, KeyPurposeId purpose, GeneralName... hosts) {
        try {
            var keys = newKeys();
            var now = clock.instant();
            var builder =
                    builder(
                            new JcaX509CertificateHolder(identity.certificate()).getSubject(),
                            commonName(name),
                            keys.getPublic(),
                            now,
                            earlier(yearsAfter(now, IDENTITY_YEARS), authorityEnd()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(identity.certificate()));
            if (hosts.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(hosts));
            }
            return new Identity(sign(builder, identity.key()), keys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException impossible) {
            throw new IllegalStateException("cannot issue a certificate", impossible);
        }
    }

    private Instant authorityEnd() {
        return identity.certificate().getNotAfter().toInstant();
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Instant end)
            throws GeneralSecurityException, IOException {
        var builder =
                new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(128, RANDOM),
                        Date.from(now.minus(CLOCK_SKEW)),
                        Date.from(end),
                        subject,
                        key);
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
        return builder;
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private static X500Name commonName(String name) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }

    private static Instant yearsAfter(Instant start, int years) {
        return start.atOffset(ZoneOffset.UTC).plusYears(years).toInstant();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
