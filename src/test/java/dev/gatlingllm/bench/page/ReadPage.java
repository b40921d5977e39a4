package dev.gatlingllm.bench.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A page as what it is made of. Pages are well-formed XML, too, so that a parser vouches for them.
 */
final class ReadPage {

  private final Document document;

  ReadPage(Path file) {
    try {
      document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError(e);
    }
  }

  List<Element> all(String name) {
    return in(document.getElementsByTagName(name));
  }

  static List<Element> in(Element parent, String name) {
    return in(parent.getElementsByTagName(name));
  }

  private static List<Element> in(NodeList nodes) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  List<String> texts(String name) {
    return all(name).stream().map(Element::getTextContent).toList();
  }

  String text() {
    return document.getDocumentElement().getTextContent();
  }
}
